export default async function main(): Promise<void> {
  console.log('waiting');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}
