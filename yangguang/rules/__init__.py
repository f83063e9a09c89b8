"""Every sentence of policy, as plain functions and tables; imports the standard library only."""
