export default function main(): void {
  const error = new Error('[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012');
  throw Object.assign(error, { errorClass: 'DIVIDE_BY_ZERO', sqlState: '22012' });
}
