import { statusError } from '../errors.ts';
import type { FlooError } from '../errors.ts';
import type { UpFrame } from '../wire/frame-types.ts';
import type { IProvision } from '../wire/message-types.ts';
import { FrameCommand, ProvisionOsType, StatusErrorCode } from '../wire/enums.ts';
import { failureOf } from '../wire/decode-messages.ts';
import type { DeviceNames } from '../model/device.ts';
import type { Identity } from './identity.ts';

/** Version of the protocol client that the deployed servers know (observed). */
const SDK_VERSION = '2.0.0';

/** The first frame on a socket: the user, the token and the device. */
export function provisionFrame({ uid, token }: Identity, device: DeviceNames, deviceInfo: string): UpFrame {
  return {
    vsn: 0,
    compress_method: 0,
    command: FrameCommand.PROVISION,
    payload: {
      xid: { uid, deviceSN: device.serial },
      token,
      os_type: ProvisionOsType.WEB,
      sdk_vsn: SDK_VERSION,
      device_guid: device.guid,
      device_info: deviceInfo,
    },
  };
}

/** Why the server refused a provision. */
interface ProvisionRefusal {
  cause: FlooError;
  /** Another device uses the same guid: with a new one the server may accept. */
  needsNewGuid: boolean;
}

/** @returns undefined when the server accepted */
export function refusalOf(answer: IProvision, { token }: Identity): ProvisionRefusal | undefined {
  const failure = failureOf(answer.status);
  if (!failure) return undefined;
  return {
    cause: statusError(failure.code, failure.reason, 'provision', [token]),
    needsNewGuid: failure.code === StatusErrorCode.DEVICE_GUID_CONFLICT,
  };
}
