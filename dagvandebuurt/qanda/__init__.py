"""Questions from the hall: asked, shown, supported, answered. Hall, desk and stage."""
