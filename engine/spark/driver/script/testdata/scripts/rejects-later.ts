export default async function main(): Promise<void> {
  void Promise.reject(new Error('nobody waited for me'));
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}
