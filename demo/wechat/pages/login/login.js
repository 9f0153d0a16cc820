const app = getApp();

Page({
  data: { name: '', password: '', error: '', isBusy: false },

  onLoad() {
    // 上次的登录还在：本地数据一打开就进去，不等网络。
    this.unbind = app.im.on({ recentlistUpdate: () => !this.data.isBusy && this.enter() });
    if (app.im.isLogin()) this.enter();
  },

  onUnload() {
    this.unbind();
  },

  typeName({ detail }) {
    this.setData({ name: detail.value });
  },

  typePassword({ detail }) {
    this.setData({ password: detail.value });
  },

  async submit() {
    const { name, password, isBusy } = this.data;
    if (isBusy) return;
    this.setData({ isBusy: true, error: '' });
    try {
      await app.im.login({ name, password });
      this.enter();
    } catch (error) {
      this.setData({ error: `登录失败：${error.reason}` });
    }
    this.setData({ isBusy: false });
  },

  enter() {
    wx.switchTab({ url: '/pages/conversations/conversations' });
  },
});
