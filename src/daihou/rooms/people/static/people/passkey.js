// Passkeys: a form with data-passkey asks the browser before it is sent.
(() => {
  const able = window.isSecureContext && window.PublicKeyCredential && navigator.credentials;

  const toBytes = (text) => {
    const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  };
  const toText = (buffer) => {
    const signs = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const withBytes = (list) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));

  async function ask(form) {
    const answer = await fetch(form.dataset.ask, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).publicKey;
  }

  async function create(wish) {
    return navigator.credentials.create({
      publicKey: {
        ...wish,
        challenge: toBytes(wish.challenge),
        user: { ...wish.user, id: toBytes(wish.user.id) },
        excludeCredentials: withBytes(wish.excludeCredentials),
      },
    });
  }

  async function get(wish) {
    return navigator.credentials.get({
      publicKey: {
        ...wish,
        challenge: toBytes(wish.challenge),
        allowCredentials: withBytes(wish.allowCredentials),
      },
    });
  }

  // what the server reads: the WebAuthn answer as JSON, bytes in base64url
  function written(credential) {
    const parts = credential.response;
    const response = { clientDataJSON: toText(parts.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (parts[name]) response[name] = toText(parts[name]);
    }
    if (parts.getTransports) response.transports = parts.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const none = form.querySelector("[data-passkey-none]");
    const failed = form.querySelector("[data-passkey-failed]");
    if (!able) {
      if (none) none.hidden = false;
      form.querySelector("button").disabled = true;
      continue;
    }
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const wish = await ask(form);
        const made = await (form.dataset.passkey === "create" ? create(wish) : get(wish));
        form.elements.credential.value = written(made);
        form.submit();
      } catch {
        if (failed) failed.hidden = false;
      }
    });
  }
})();
