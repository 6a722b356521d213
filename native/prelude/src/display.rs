//! What a cell shows: HTML, Markdown, pictures. It goes through stdout in the frame that evcxr made common (plotters,
//! plotly and others write it), so that it stands where the cell's text would stand.

use std::fmt::Display;
use std::io::Write;

/// Shows content of any MIME type; of pictures in bytes, their Base64.
pub fn display_mime(mime: &str, content: impl Display) {
    // One write, so that what other threads print stands before or behind it.
    let text = format!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT\n");
    let mut out = std::io::stdout().lock();
    // Where nobody reads, there is nobody to tell.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

pub fn display_html(content: impl Display) {
    display_mime("text/html", content);
}

pub fn display_markdown(content: impl Display) {
    display_mime("text/markdown", content);
}

pub fn display_svg(content: impl Display) {
    display_mime("image/svg+xml", content);
}

/// Shows a PNG file's bytes.
pub fn display_png(bytes: &[u8]) {
    display_mime("image/png", base64(bytes));
}

/// Base64 of RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| three.get(index).copied().unwrap_or(0) as usize;
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            text.push(if digit <= three.len() {
                DIGITS[word >> (18 - 6 * digit) & 63] as char
            } else {
                '='
            });
        }
    }
    text
}

/// Text as JSON writes it, with its quotes.
pub(crate) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for one in text.chars() {
        match one {
            '"' | '\\' => out.extend(['\\', one]),
            control if (control as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Pushes text out that ends without a line feed and whose thread goes on, every tenth of a second.
pub fn flush_often() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let work = || loop {
            std::thread::sleep(std::time::Duration::from_millis(100));
            let _ = std::io::stdout().flush();
        };
        // Without it such text comes with the next line.
        let _ = std::thread::Builder::new().name("rust stdout".into()).spawn(work);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let all = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let encoded: Vec<_> = all.iter().map(|one| base64(one.as_bytes())).collect();
        let expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        assert_eq!(encoded, expected);
    }

    #[test]
    fn json_escapes_what_it_must() {
        assert_eq!(json("a\"\\\n\u{1f980}"), "\"a\\\"\\\\\\u000a\u{1f980}\"");
    }
}
