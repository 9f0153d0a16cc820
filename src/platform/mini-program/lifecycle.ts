import type { Lifecycle } from '../ports.ts';
import type { MiniProgramApi, NetworkListener } from './api.ts';

/** Network and foreground of the app. `show` and `hide` alternate, although the platform also reports the first show. */
export function createMiniProgramLifecycle(api: MiniProgramApi): Lifecycle {
  return {
    subscribe(listener) {
      let isHidden = false;
      const onNetwork: NetworkListener = ({ isConnected }) => listener(isConnected ? 'online' : 'offline');
      const onVisibility = (hides: boolean) => () => {
        if (isHidden === hides) return;
        isHidden = hides;
        listener(hides ? 'hide' : 'show');
      };
      const onShow = onVisibility(false);
      const onHide = onVisibility(true);
      api.onNetworkStatusChange(onNetwork);
      api.onAppShow?.(onShow);
      api.onAppHide?.(onHide);
      return () => {
        api.offNetworkStatusChange?.(onNetwork);
        api.offAppShow?.(onShow);
        api.offAppHide?.(onHide);
      };
    },
  };
}
