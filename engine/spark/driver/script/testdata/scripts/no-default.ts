console.log('ran at the top level');
setInterval(() => {}, 1000);
