export default function main(): void {
  process.exit(7);
}
