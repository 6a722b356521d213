/** Twice the size on the screen, so that it is sharp where it is shown larger. */
const sharpness = 2;

/** A drawing as a picture on white: its colours are those it has where no theme is known. */
export async function pngOf(drawing: SVGSVGElement | null): Promise<Blob> {
  if (!drawing) throw new Error("There is no drawing.");
  const { width, height } = drawing.viewBox.baseVal;
  const copy = drawing.cloneNode(true) as SVGSVGElement; // A copy is of its original's type.
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const source = new XMLSerializer().serializeToString(copy);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * sharpness;
  canvas.height = height * sharpness;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This viewer cannot draw pictures.");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("The picture could not be made.");
  return blob;
}
