import sanitize from "sanitize-html";

/** Elements that show something by themselves and can neither run, load nor send anything. */
const TAGS = [
  ..."a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4".split(
    " ",
  ),
  ..."h5 h6 hr i img ins kbd li mark meter ol p pre progress q s samp small span strong sub summary sup table tbody td".split(
    " ",
  ),
  ..."tfoot th thead time tr u ul var wbr".split(" "),
];

const ALIGNED: sanitize.Transformer = (tagName, { style = "", ...attribs }) => {
  const align = /(?:^|;)\s*text-align\s*:\s*(right|center)/i.exec(style)?.[1];
  return { tagName, attribs: align ? { ...attribs, class: align.toLowerCase() } : attribs };
};

/** HTML of an output without what could run, load or send anything, or draw outside of its place. */
export function sanitizeHtml(html: string): string {
  return sanitize(html, {
    allowedTags: TAGS,
    allowedAttributes: {
      a: ["href", "title", "rel"],
      img: ["src", "alt", "title", "width", "height"],
      meter: ["value", "min", "max", "low", "high", "optimum"],
      progress: ["value", "max", "aria-label"],
      ol: ["start", "reversed", "type"],
      td: ["colspan", "rowspan", "class"],
      th: ["colspan", "rowspan", "scope", "class"],
      col: ["span"],
      details: ["open"],
      time: ["datetime"],
    },
    allowedClasses: { td: ["right", "center"], th: ["right", "center"] },
    allowedSchemes: ["http", "https", "mailto"],
    allowedSchemesByTag: { img: ["data"] },
    allowProtocolRelative: false,
    // Their text is no text of the page.
    nonTextTags: [
      "script",
      "style",
      "textarea",
      "option",
      "noscript",
      "svg",
      "math",
      "template",
      "title",
      "iframe",
      "object",
    ],
    transformTags: {
      td: ALIGNED,
      th: ALIGNED,
      a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: "noopener noreferrer" } }),
    },
    // A picture whose source was taken away shows nothing.
    exclusiveFilter: ({ tag, attribs }) => tag === "img" && !/^data:image\/(?!svg)/.test(attribs.src ?? ""),
  });
}
