// Training seeds the process's generator anew for each step, and all tests share it and the count of live tensors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
