/** Kubernetes' resource.Quantity. */
export type Quantity = string | number;
export type Quantities = Readonly<Record<string, Quantity>>;

const scale: Readonly<Record<string, number>> = {
  n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
};

/** A quantity as a number. The CRD has checked its form; throws a TypeError where nobody has. */
export function parseQuantity(quantity: Quantity): number {
  if (typeof quantity === 'number') return quantity;
  const match = /^([0-9]+(?:\.[0-9]*)?)(?:([eE][0-9]+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(quantity);
  if (match === null) throw new TypeError(`'${quantity}' is not a quantity; write 500m, 2 or 1.5Gi`);
  return Number(`${match[1] ?? ''}${match[2] ?? ''}`) * (scale[match[3] ?? ''] ?? 1);
}
