"""What a customer and the lender agree: promises, plans, waivers, settlements."""
