function inner(): never {
  throw new RangeError('no such carrier');
}

export default function main(): void {
  inner();
}
