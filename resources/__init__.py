"""What people share: items of three kinds and the files that they carry."""
