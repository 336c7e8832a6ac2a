export default (spark: { readonly remote: string; readonly token: string }): void => {
  const own = Object.keys(process.env).filter((name) => name.startsWith('HEADRACE_'));
  console.log(JSON.stringify({ remote: spark.remote, token: spark.token, own, argv: process.argv.slice(2), user: process.env['USER_SETTING'] }));
};
