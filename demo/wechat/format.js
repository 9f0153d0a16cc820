const two = (number) => String(number).padStart(2, '0');

/** 毫秒 → 今天 09:05，其他日子 3-14。 */
function shortTime(timestamp, now = new Date()) {
  if (!timestamp) return '';
  const time = new Date(Number(timestamp));
  if (time.toDateString() !== now.toDateString()) return `${time.getMonth() + 1}-${time.getDate()}`;
  return `${two(time.getHours())}:${two(time.getMinutes())}`;
}

const KINDS = { image: '[图片]', audio: '[语音]', video: '[视频]', file: '[文件]', location: '[位置]' };

/** 会话列表里的一行。 */
const preview = (content) => KINDS[content] || content;

module.exports = { shortTime, preview };
