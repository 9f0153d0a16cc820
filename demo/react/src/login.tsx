import type { SubmitEvent } from 'react';
import { errorText } from 'flooim/error-texts';
import { useSession } from 'flooim/react';

export function Login() {
  const { login, isLoggingIn, error } = useSession();
  // Not an action: React empties the fields after one, also when the login failed.
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void login({ name: String(form.get('name')), password: String(form.get('password')) });
  };
  return (
    <form className="login" onSubmit={submit}>
      <label>
        Name <input name="name" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button disabled={isLoggingIn}>Log in</button>
      {error && <p role="alert">{errorText(error.reason, 'en')}</p>}
    </form>
  );
}
