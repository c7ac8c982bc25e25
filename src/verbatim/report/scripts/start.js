const DATA = JSON.parse(byId("data").textContent);
document.documentElement.classList.add("scripted");
for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
startWhatIf(DATA.whatIf);
startGroup(startQuotes());
