const { createClient } = require('./im/flooim');
const { watchCalls } = require('./calls');
const config = require('./config');

App({
  onLaunch() {
    // 一个小程序一个客户端；上次登录过的用户会自动恢复。
    this.im = createClient(config);
    this.im.on('flooNotice', ({ category }) => {
      // 被踢下线、密码被修改……
      if (category === 'action') wx.reLaunch({ url: '/pages/login/login' });
    });
    watchCalls(this.im, (id) => this.nameOf(id));
  },

  /** 用户的显示名。 */
  nameOf(id) {
    const { alias, nick_name, username } = this.im.rosterManage.getRosterInfo(id) || {};
    return alias || nick_name || username || `用户 ${id}`;
  },

  /** 会话的显示名。 */
  titleOf(type, id) {
    if (type === 'roster') return this.nameOf(id);
    const group = this.im.groupManage.getAllGroupDetail()[id];
    return (group && group.name) || `群 ${id}`;
  },
});
