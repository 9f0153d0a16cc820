/**
 * Makes a text field as high as its text, within the limits of its style. Chromium has `field-sizing` for this; WebKit and
 * Firefox do not.
 *
 * @returns a function to call when the text was set by a script
 */
export function growWithText(field: HTMLTextAreaElement): () => void {
  const grow = (): void => {
    // The height of the content counts only what does not fit, so the field is made small first.
    field.style.height = 'auto';
    const { borderTopWidth, borderBottomWidth } = getComputedStyle(field);
    field.style.height = `${field.scrollHeight + parseFloat(borderTopWidth) + parseFloat(borderBottomWidth)}px`;
  };
  field.addEventListener('input', grow);
  // Lines break elsewhere in a narrower window. A resize within the observer's turn would be reported as an error.
  let width = 0;
  new ResizeObserver(() => {
    if (field.clientWidth === width) return;
    width = field.clientWidth;
    requestAnimationFrame(grow);
  }).observe(field);
  return grow;
}
