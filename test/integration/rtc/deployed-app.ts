/** An app as it was written for the deployed SDK: it calls with the 17 methods of `rtcManage`, and rings and hangs up by itself. */
import type { FlooClient, Message } from '../../../src/entries/browser.ts';

export interface DeployedApp {
  /** What happened, in the app's words. */
  readonly heard: readonly string[];
  call(uid: string): void;
  /** Accepts the call that rings. */
  accept(): void;
  hangUp(): void;
  /** What the 17 methods are. */
  methods(): string[];
  inCall(): boolean;
}

const random = (): string => Math.random().toString(36).slice(2, 10).padEnd(8, '0');

export function createDeployedApp({ rtcManage, sysManage, userManage, on }: FlooClient): DeployedApp {
  const heard: string[] = [];
  let invitation: Readonly<Record<string, unknown>> = {};
  let callId = '';
  let peer = '';
  let initiator = 0;
  let since = 0;

  const close = (): void => {
    rtcManage.leaveRoom();
    rtcManage.destroy();
  };
  const start = (params: object): void =>
    rtcManage.initRTCEngine({
      ...{ id: userManage.getUid(), receiver: Number(peer), callId, hasVideo: true, hasAudio: true },
      ...{ width: 360, height: 640, getHangUpStatus: () => false },
      attachStream: (stream: MediaStream, kind: string, isLocal: boolean) =>
        heard.push(`${isLocal ? 'own' : 'their'} ${kind} ${stream.getTracks().length}`),
      getThrough: () => {
        since = Date.now();
        heard.push('through');
      },
      hangupCall: (active = false, timeout = false, peerDrop = false) => {
        heard.push(`hangupCall ${active} ${timeout} ${peerDrop}`);
        sayHangUp(timeout ? 'timeout' : String(Date.now() - since), peerDrop);
        close();
      },
      ...params,
    });
  const sayHangUp = (content: string, peerDrop: boolean): void =>
    void sysManage.sendRosterMessage({
      ...{ uid: peer, content, type: 'rtc' },
      config: { action: 'hangup', callId, initiator, peerDrop, pushMessageLocKey: 'call_duration' },
    });

  on('onRosterRTCMessage', ({ from, config, isHistory }: Message & { isHistory: boolean }) => {
    const isOwn = from === String(userManage.getUid());
    if (isHistory || !config) return;
    const action = String(config['action']);
    heard.push(`${isOwn ? 'own' : 'their'} ${action}`);
    if (isOwn) return;
    if (action === 'call') invitation = config;
    if (config['callId'] !== callId) return;
    if (action === 'pickup') rtcManage.joinRoom();
    if (action === 'hangup') close();
  });

  return {
    heard,
    call(uid) {
      peer = uid;
      initiator = Number(userManage.getUid());
      callId = `${initiator}_${Date.now()}`;
      start({ caller: true, roomId: 0, secret: random(), pin: random() });
    },
    accept() {
      const { roomId, pin } = invitation;
      callId = String(invitation['callId']);
      peer = String(invitation['initiator']);
      initiator = Number(peer);
      start({ caller: false, roomId, pin, secret: '' });
    },
    hangUp() {
      sayHangUp(String(Date.now() - since), false);
      close();
    },
    methods: () => Object.keys(rtcManage).sort(),
    inCall: () => rtcManage.getInCallStatus(),
  };
}
