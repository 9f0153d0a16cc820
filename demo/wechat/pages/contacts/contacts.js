const app = getApp();

Page({
  data: { friends: [], groups: [], applicants: [], name: '', said: '' },

  onLoad() {
    const refresh = () => this.refresh();
    this.unbind = app.im.on({
      onRosterListUpdate: refresh,
      onRosterInfoUpdate: refresh,
      onGroupListUpdate: refresh,
      onRosterApplied: refresh,
    });
  },

  onShow() {
    this.refresh();
  },

  onUnload() {
    this.unbind();
  },

  async refresh() {
    const { rosterManage, groupManage } = app.im;
    const [friends, groups, applicants] = await Promise.all([
      rosterManage.asyncGetRosterIdList(),
      groupManage.asyncGetJoinedGroups(),
      // 只有服务器知道；没有网络时不显示。
      rosterManage.asyncGetApplyList({ cursor: '' }).catch(() => []),
    ]);
    this.setData({
      applicants: applicants
        .filter(({ status }) => status === 0)
        .map(({ user_id }) => ({ id: user_id, name: app.nameOf(user_id) })),
      friends: friends.map((id) => ({ id, name: app.nameOf(id) })),
      groups: groups.map(({ group_id, name }) => ({ id: group_id, name })),
    });
  },

  typeName({ detail }) {
    this.setData({ name: detail.value });
  },

  async add() {
    const { rosterManage } = app.im;
    try {
      const { user_id } = await rosterManage.asyncSearchRosterByName({ username: this.data.name });
      await rosterManage.asyncApply({ user_id, alias: '' });
      this.setData({ name: '', said: '已发送好友申请' });
    } catch (error) {
      this.setData({ said: `添加失败：${error.reason}` });
    }
  },

  async accept({ currentTarget }) {
    await app.im.rosterManage.asyncAccept({ user_id: currentTarget.dataset.id });
    await this.refresh();
  },

  open({ currentTarget }) {
    const { type, id } = currentTarget.dataset;
    wx.navigateTo({ url: `/pages/chat/chat?type=${type}&id=${id}` });
  },
});
