// What a page without it cannot do: short addresses, and a word before a file is sent in vain.

const LARGEST = 20 * 1024 * 1024;

/** Empty filters stay out of the address, so that it can be read and shared. */
function keepAddressesShort() {
  for (const form of document.querySelectorAll("form.filters")) {
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) {
        if (value === "") event.formData.delete(name);
      }
    });
  }
}

/** A file that the server would refuse is told of by the browser before it travels. */
function weighFiles() {
  for (const input of document.querySelectorAll("input[type=file]")) {
    const hint = input.parentElement?.querySelector(".hint")?.textContent ?? "";
    input.addEventListener("change", () => {
      const heavy = [...input.files].find((file) => file.size > LARGEST);
      input.setCustomValidity(heavy ? `${heavy.name}: ${hint}` : "");
      input.reportValidity();
    });
  }
}

keepAddressesShort();
weighFiles();
