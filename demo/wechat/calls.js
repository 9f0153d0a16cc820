/** 早于这个时间的来电不再询问。 */
const FRESH_MS = 60000;
/** 小程序关闭期间打来的通话，其结束消息会在这段时间内到达。 */
const HOLD_MS = 1000;

/** 小程序不能通话：来电时询问用户，可以拒绝，也可以在其他设备上接听。 */
function watchCalls(im, nameOf) {
  let ringing;
  const decline = (uid, callId, initiator) =>
    im.rtcManage.sendRTCMessage({
      uid,
      content: 'rejected',
      config: {
        action: 'hangup',
        callId,
        initiator,
        pushMessageLocKey: 'call_rejected_by_callee',
        pushMessageLocArgs: [],
      },
    });
  return im.on('onRosterRTCMessage', ({ config, from, isOwn, isHistory, timestamp }) => {
    const { action, callId, initiator } = config || {};
    // 已被接听、拒绝，或对方已放弃。
    if (action !== 'call' && callId === ringing) ringing = undefined;
    if (action !== 'call' || isOwn || isHistory || Date.now() - Number(timestamp) > FRESH_MS) return;
    ringing = callId;
    const ask = () =>
      wx.showModal({
        title: `${nameOf(from)}来电`,
        content: '请在网页或手机应用上接听。',
        confirmText: '拒绝',
        cancelText: '忽略',
        success: ({ confirm }) => confirm && ringing === callId && decline(from, callId, initiator),
      });
    setTimeout(() => ringing === callId && ask(), HOLD_MS);
  });
}

const ENDS = { timeout: '无人接听', canceled: '已取消', rejected: '已拒绝', busy: '对方忙' };

/** 聊天中的一行通话记录。只供客户端使用的消息返回 ''。 */
function callText({ config, content }, uid) {
  if (!config || config.action !== 'record') return '';
  if (/^\d+$/.test(content)) return `通话 ${Math.round(content / 1000)} 秒`;
  if (String(config.initiator) === uid) return `通话${ENDS[content] || '未接通'}`;
  return content === 'rejected' ? '已拒绝来电' : '未接来电';
}

/** 通话记录的内容：时长，或没有接通的原因。 */
const CONTENT = /^(\d+|timeout|canceled|rejected|busy)$/;

/** 会话列表里的一行通话。最新的消息不是通话时返回 ''。 */
function callPreview({ rosterManage, userManage }, { type, id, content }) {
  if (type !== 'roster' || !CONTENT.test(content)) return '';
  const uid = String(userManage.getUid());
  const shown = rosterManage
    .getRosterMessageByRid(id)
    .filter((message) => message.type !== 'rtc' || callText(message, uid));
  const newest = shown[shown.length - 1];
  return newest && newest.type === 'rtc' ? callText(newest, uid) : '';
}

module.exports = { watchCalls, callText, callPreview };
