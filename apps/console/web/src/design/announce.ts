/** Says something to screen readers without moving the focus; the frame has the live region. */
export function announce(text: string): void {
  const region = document.getElementById('announcements');
  if (!region) return;
  // The same text twice is a change only if the region was empty in between.
  region.textContent = '';
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
