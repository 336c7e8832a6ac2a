/** Whether bytes are text, and how they are shown if they are not. No part of the browser is used here. */

const bytesPerLine = 16;
const shownMax = 512;

/** The text; undefined when the bytes are none. They may end within a character, as they are the beginning of a file. */
export function textOf(bytes) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? undefined : text;
}

/** Offset, sixteen bytes, and the letters among them. */
export function hexOf(bytes) {
  const lines = [];
  for (let at = 0; at < Math.min(bytes.length, shownMax); at += bytesPerLine) {
    const line = [...bytes.subarray(at, Math.min(at + bytesPerLine, shownMax))];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = line.map((byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.').join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(bytesPerLine * 3 - 1)}  ${letters}`);
  }
  return lines.join('\n');
}
