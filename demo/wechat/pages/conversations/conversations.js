const { callPreview } = require('../../calls');
const { preview, shortTime } = require('../../format');

const app = getApp();

Page({
  data: { items: [], isOffline: false },

  onLoad() {
    const refresh = () => this.refresh();
    this.unbind = app.im.on({
      recentlistUpdate: refresh,
      onUnreadChange: refresh,
      onRosterInfoUpdate: refresh,
      onGroupListUpdate: refresh,
      loginSuccess: () => this.setData({ isOffline: false }),
      disconnected: () => this.setData({ isOffline: true }),
    });
  },

  onShow() {
    this.refresh();
  },

  onUnload() {
    this.unbind();
  },

  /** 本地数据，不必等网络。 */
  refresh() {
    const items = app.im.userManage.getConversationList().map((item) => ({
      type: item.type,
      id: item.id,
      unread: item.unread,
      title: app.titleOf(item.type, item.id),
      preview: callPreview(app.im, item) || preview(item.content),
      time: shortTime(item.timestamp),
    }));
    this.setData({ items });
  },

  open({ currentTarget }) {
    const { type, id } = currentTarget.dataset;
    wx.navigateTo({ url: `/pages/chat/chat?type=${type}&id=${id}` });
  },

  async logout() {
    await app.im.logout();
    wx.reLaunch({ url: '/pages/login/login' });
  },
});
