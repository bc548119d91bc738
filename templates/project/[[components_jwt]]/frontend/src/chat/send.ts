// How the backend learns who is asking: by a token of your identity provider.

/** Of who is signed in; empty when nobody is. It is asked for with each request, as tokens end soon.
 *  This is Better Auth's address. Of others it is their script that has it, such as
 *    Auth0     return auth0.getTokenSilently();
 *    Clerk     return (await Clerk.session?.getToken({ template: "chat" })) ?? "";
 *    Keycloak  await keycloak.updateToken(30); return keycloak.token ?? "";
 *    Supabase  return (await supabase.auth.getSession()).data.session?.access_token ?? ""; */
async function getToken(): Promise<string> {
  const response = await fetch("/api/auth/token");
  return response.ok ? (await response.json()).token : "";
}

/** To the backend, and to nobody else: the token is in it. */
export async function send(input: Request | URL | string, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const token = await getToken().catch(() => "");
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  return fetch(request);
}
