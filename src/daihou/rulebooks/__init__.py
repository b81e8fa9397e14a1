"""Law, policy and product terms as dated data: read by daihou.packs."""
