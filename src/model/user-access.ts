/** A token for the REST and socket servers, and what came with it. */
export interface TokenInfo {
  /** The token, for `tokenLogin`. It is a secret. */
  token: string;
  /** The user. */
  user_id: number;
  /** As the server sends it. This SDK does not use it. */
  public_key?: string;
  /** When the token expires, ms since 1970. */
  expire?: number;
  /** Whether the server offers encrypted connections. This SDK does not use it. */
  encrypt_type?: number;
  /** Key for files. This SDK does not use it. */
  access_key_secret?: string;
  /** Token for files. This SDK does not use it. */
  store_token?: string;
  /** Token for pushes; only when the call named a `device_guid`. */
  push_token?: string;
}

/** Credentials for a login. Fields are absent while a scan is not confirmed, or when no account is bound. */
export interface LoginInfo {
  /** User name, for `login`. */
  username?: string;
  /** User id, for `idLogin`. */
  user_id?: number;
  /** Password for either. It is a secret. */
  password?: string;
  /** WeChat id that is not bound to an account yet, for `asyncWxbind`. */
  openid?: string;
  /** Proof of a mobile number that no account has yet, for `asyncUserMobileBindSign`. */
  sign?: string;
}

/** A code to show for scanning. */
export interface QrCode {
  /** Text of the code, for `asyncQrlogin`. */
  qr_code?: string;
  /** Id of the code, for `asyncWoaQrcodeStatus`. */
  qrcode_id?: string;
  /** URL that the code stands for. */
  url?: string;
  /** When it expires, ms since 1970. */
  expired?: number;
}

/** What an invitation link stands for. */
export interface LinkInfo {
  /** Application id of the link. */
  app_id?: string;
  /** User or group that the link leads to. */
  uid?: string | number;
  /** Text that came with the link. */
  text?: string;
  /** Kind of link, as the link server names it. */
  type?: string;
}
