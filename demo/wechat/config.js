// 连接 npm start 启动的开发服务器；正式环境只需要 appid。
module.exports = {
  appid: 'welovemaxim',
  dnsServer: 'http://127.0.0.1:4000/v2/app_dns',
};
