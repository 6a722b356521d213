const KEYWORDS = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

export const isPythonKeyword = (name: string): boolean => KEYWORDS.has(name);

/** By which code reaches a name that it has as text. */
export const DYNAMIC =
  /\b(?:exec|eval|globals|locals|vars|getattr|setattr|delattr|hasattr|attrgetter|__import__|import_module|__dict__|__main__)\b|\bsys\.modules\b|\bimport\s*\*/;
