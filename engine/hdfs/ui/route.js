/** Which part of the page an address means: what follows `#`. Paths look as in Hadoop's explorer, so that old links lead to the same place. */

/** `kind`: overview, datanodes, or path with `path`. */
export function routeOf(hash) {
  const rest = hash.replace(/^#/, '');
  if (rest === 'datanodes') return { kind: 'datanodes' };
  if (!rest.startsWith('/')) return { kind: 'overview' };
  let path;
  try {
    path = decodeURIComponent(rest);
  } catch {
    path = rest;
  }
  return { kind: 'path', path: path.length > 1 ? path.replace(/\/+$/, '') || '/' : path };
}

/** For links. Every name is encoded by itself. */
export function encodePath(path) {
  return path.split('/').map(encodeURIComponent).join('/');
}

export function hashOf(path) {
  return `#${encodePath(path)}`;
}

export function childOf(path, name) {
  return path === '/' ? `/${name}` : `${path}/${name}`;
}

export function parentOf(path) {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function nameOf(path) {
  return path.slice(path.lastIndexOf('/') + 1);
}
