"""What the evidence predicts, before anything is dosed."""
