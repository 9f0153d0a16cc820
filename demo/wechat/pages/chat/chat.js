const { callText } = require('../../calls');
const { shortTime } = require('../../format');

const app = getApp();

const PAGE = 20;

Page({
  data: { messages: [], text: '', hasMore: true },

  onLoad({ type, id }) {
    this.type = type;
    this.id = id;
    this.uid = String(app.im.userManage.getUid());
    this.history = [];
    this.last = Promise.resolve();
    wx.setNavigationBarTitle({ title: app.titleOf(type, id) });
    const refresh = (message) => {
      if (message.toType === type && (message.to === id || message.from === id)) this.refresh();
    };
    const always = () => this.refresh();
    this.unbind = app.im.on({
      onRosterMessage: refresh,
      onGroupMessage: refresh,
      onSendingMessageStatusChanged: always,
      onUploadProgress: always,
      onMessageStatusChanged: always,
      onMessageRecalled: always,
    });
    return this.older();
  },

  onUnload() {
    this.unbind();
  },

  /** 有变化：把已经显示的重新读一遍。 */
  refresh() {
    if (this.isDue) return;
    this.isDue = true;
    void this.inTurn(async () => {
      this.isDue = false;
      const limit = this.history.length + PAGE;
      const messages = await this.read({ limit });
      const [first] = this.history;
      const at = messages.findIndex(({ id }) => first && id === first.id);
      if (at < 0) this.setData({ hasMore: messages.length === limit });
      this.show(messages.slice(Math.max(at, 0)));
    });
  },

  /** 滚动到顶部：再往前一页，本机没有的会向服务器要。 */
  older() {
    return this.inTurn(async () => {
      if (!this.data.hasMore) return;
      const [first] = this.history;
      const messages = await this.read({ limit: PAGE, ...(first && { before: first.id }) });
      this.setData({ hasMore: messages.length === PAGE });
      this.show([...messages, ...this.history]);
    });
  },

  /** 一个接一个：刷新和翻页不能互相覆盖。 */
  inTurn(run) {
    this.last = this.last.then(run);
    return this.last;
  },

  async read(page) {
    const { messages } = await app.im.sysManage.getMessages({ id: this.id, type: this.type, ...page });
    return messages;
  },

  show(stored) {
    this.history = stored;
    const { sysManage, rosterManage, groupManage } = app.im;
    const sending = sysManage.getSendingMessages(this.id, this.type);
    const shown = [...stored, ...sending].filter((message) => message.type !== 'rtc' || callText(message, this.uid));
    this.setData({ messages: shown.map((message) => this.rowOf(message)) });
    if (this.type === 'roster') rosterManage.readRosterMessage(this.id);
    else groupManage.readGroupMessage(this.id);
  },

  rowOf(message) {
    const { id, from, type, content, attach = {}, status, sendingStatus, progress, timestamp } = message;
    const isMine = from === this.uid;
    const states = { sending: progress === undefined ? '发送中' : `${progress}%`, failed: '发送失败' };
    return {
      id,
      isMine,
      name: isMine ? '' : app.nameOf(from),
      text: type === 'text' ? content : callText(message, this.uid) || `[${attach.dName || type}]`,
      image: type === 'image' && attach.url ? app.im.sysManage.getChatFile({ url: attach.url }) : '',
      time: shortTime(timestamp),
      state: states[sendingStatus] || (isMine && status === 2 ? '已读' : ''),
    };
  },

  typeText({ detail }) {
    this.setData({ text: detail.value });
  },

  send() {
    const content = this.data.text.trim();
    if (!content) return;
    this.sendMessage({ content });
    this.setData({ text: '' });
  },

  async sendImage() {
    const { tempFiles } = await wx.chooseMedia({ count: 1, mediaType: ['image'] });
    this.sendMessage({ file: tempFiles[0] });
  },

  sendMessage(message) {
    const { sysManage } = app.im;
    if (this.type === 'roster') sysManage.sendRosterMessage({ uid: this.id, ...message });
    else sysManage.sendGroupMessage({ gid: this.id, ...message });
  },
});
