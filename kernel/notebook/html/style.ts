/** The report's only style sheet; its hash stands in the policy, so that nothing else styles the page. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1f2328; --muted: #59636e; --line: #d1d9e0; --code: #f6f8fa;
  --good: #1a7f37; --bad: #b3261e; --bad-back: #fff1f0; --link: #0757b0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15181c; --text: #e3e7eb; --muted: #9aa4ae; --line: #394049; --code: #1d2127;
    --good: #57c271; --bad: #ff8a80; --bad-back: #2c1b1b; --link: #7ab7ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.6em 0 .6em; }
header h1 { margin-top: 0; }
a { color: var(--link); }
.facts, .head { color: var(--muted); font-size: .875rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
pre, code { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875rem; }
code { background: var(--code); border-radius: 4px; padding: .1em .3em; }
pre { margin: .4rem 0; overflow-x: auto; overflow-wrap: normal; line-height: 1.45; }
pre code { background: none; padding: 0; }
.source, article pre { background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; }
section { margin: 1.4rem 0; }
.head { display: flex; gap: .8rem; flex-wrap: wrap; }
.output { margin: .5rem 0 .5rem .9rem; }
.output pre { padding: .1rem 0; }
.stderr { border-left: 3px solid var(--line); padding-left: .7rem; color: var(--muted); }
.error { border-left: 3px solid var(--bad); background: var(--bad-back); padding: .4rem .7rem; border-radius: 0 6px 6px 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; margin: .5rem 0; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .7rem; text-align: left; vertical-align: top; overflow-wrap: normal; }
caption { text-align: left; color: var(--muted); }
.right { text-align: right; white-space: nowrap; } .center { text-align: center; }
img { max-width: 100%; height: auto; }
.output img.paper { background: #ffffff; border-radius: 4px; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--muted); }
details { font-size: .875rem; color: var(--muted); }
summary { cursor: pointer; }
hr { border: 0; border-top: 1px solid var(--line); }
@media print { body { max-width: none; } pre { white-space: pre-wrap; overflow-wrap: anywhere; } section { break-inside: avoid-page; } }
`;
