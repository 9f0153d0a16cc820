interface ImportMetaEnv {
  /** The DNS URL of the server; `?dns=` in the address wins over it. */
  readonly VITE_DNS_SERVER?: string;
  /** Names one run of the dev server; absent for a server that stores its data. */
  readonly VITE_SERVER_RUN?: string;
}
