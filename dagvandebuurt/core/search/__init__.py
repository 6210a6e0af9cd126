"""One search over everything that everybody may read. Rooms sign up what can be found (`register`), the
index follows in the same transaction (`index`), and a visitor finds (`finding`)."""
