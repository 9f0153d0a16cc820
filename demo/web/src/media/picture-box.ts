const LONGEST_SIDE_PX = 320;
const SHORTEST_SIDE_PX = 96;
/** What is much longer than wide, or wider than long, is cut off in the chat; the viewer shows all of it. */
const STEEPEST_RATIO = 2.5;

/** Gives a box the place that a picture of this size takes, before the picture is there. */
export function fitPictureBox(box: HTMLElement, width: number | undefined, height: number | undefined): void {
  if (!width || !height) return;
  const ratio = Math.min(STEEPEST_RATIO, Math.max(1 / STEEPEST_RATIO, width / height));
  const widest = Math.min(LONGEST_SIDE_PX, LONGEST_SIDE_PX * ratio);
  box.style.setProperty('--ratio', String(ratio));
  box.style.setProperty('--width', `${Math.round(Math.max(SHORTEST_SIDE_PX, Math.min(width, widest)))}px`);
}
