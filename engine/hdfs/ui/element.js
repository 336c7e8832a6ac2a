/** The only way that this page makes elements: whatever comes from outside is text or the value of an attribute, never markup. */

/**
 * `children`: elements, texts, numbers, lists of them; undefined and false are left out. Attributes: `on` holds listeners, `style` custom properties (set on the
 * element, as the page's policy allows no style attributes); undefined and false are left out, true is an attribute without a value.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (key === 'on') for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (key === 'style') for (const [property, each] of Object.entries(value)) made.style.setProperty(property, each);
    else made.setAttribute(key, value === true ? '' : String(value));
  }
  append(made, children);
  return made;
}

function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child !== undefined && child !== false) parent.append(typeof child === 'number' ? String(child) : child);
  }
}

/** Puts new content in place of the old. The focus stays with what has the same `data-key`. */
export function replaceContent(parent, ...children) {
  const key = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  parent.replaceChildren();
  append(parent, children);
  if (key !== undefined) [...parent.querySelectorAll('[data-key]')].find((each) => each.dataset.key === key)?.focus({ preventScroll: true });
}

/** A number or size for people, with the exact one where the pointer rests. */
export function measured({ text, exact }, className) {
  return element('span', { title: exact === text ? undefined : exact, class: className }, text);
}

export function notice(kind, title, ...more) {
  return element('div', { class: `notice ${kind}` }, element('strong', {}, title), more.length > 0 && element('div', {}, more));
}

/** `entries`: a name and what is said of it. `wide`: names of those that need more room. */
export function facts(entries, wide = []) {
  return element('dl', { class: 'facts' }, entries.map(([name, ...value]) => element('div', { class: wide.includes(name) ? 'wide' : undefined }, element('dt', {}, name), element('dd', {}, value))));
}
