/** What makes a notebook ours: its metadata on disk; nothing here knows VS Code. */
import { LANGUAGE_INFO } from "../kernel/wire/info.ts";

/** The notebook type that VS Code's built-in extension reads .ipynb files as. */
export const notebookType = "jupyter-notebook";

const kernelspec = { display_name: "Tandem", language: "typescript", name: "tandem" };

/** A document's metadata as VS Code's serializer hands it over: the .ipynb file's own is one level down. */
export type DocumentMetadata = Readonly<Record<string, unknown>>;

/** Whether a notebook names our kernel. */
export function namesTandem(metadata: DocumentMetadata): boolean {
  return kernelName(metadata) === kernelspec.name;
}

/** Whether a notebook names a kernel at all: one that names another keeps its metadata whatever runs it. */
export function namesKernel(metadata: DocumentMetadata): boolean {
  return kernelName(metadata) !== undefined;
}

/** Whether Tandem serves a notebook: `chosen` says whether it is the kernel, undefined as long as none was chosen. */
export function isOurs(metadata: DocumentMetadata, chosen: boolean | undefined): boolean {
  return chosen ?? namesTandem(metadata);
}

/** The metadata with our kernel and language in it. */
export function withTandem(metadata: DocumentMetadata): DocumentMetadata {
  return {
    ...metadata,
    metadata: { ...object(metadata.metadata), kernelspec, language_info: LANGUAGE_INFO },
  };
}

/** Whether a cell of these metadata carries a tag, as nbclient reads them (`raises-exception`). */
export function hasTag(metadata: DocumentMetadata, tag: string): boolean {
  const { tags } = object(metadata.metadata);
  return Array.isArray(tags) && tags.includes(tag);
}

function kernelName(metadata: DocumentMetadata): unknown {
  return object(object(metadata.metadata).kernelspec).name;
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
