/** What a login or a code gives (rest-api 3.0, 3.11 to 3.13). */

export interface TokenInfo {
  token: string;
  user_id: number;
  public_key?: string;
  expire?: number;
  encrypt_type?: number;
  access_key_secret?: string;
  store_token?: string;
  push_token?: string;
}

/** To log in with; parts are absent while a scan is not confirmed, or an account not bound. */
export interface LoginInfo {
  username?: string;
  user_id?: number;
  password?: string;
  /** Of WeChat, to bind to an account. */
  openid?: string;
  /** Of a mobile number without an account, to bind to one. */
  sign?: string;
}

/** A code to show. */
export interface QrCode {
  qr_code?: string;
  qrcode_id?: string;
  url?: string;
  /** ms since 1970. */
  expired?: number;
}

/** What an invitation link says. */
export interface LinkInfo {
  app_id?: string;
  uid?: string | number;
  text?: string;
  type?: string;
}
