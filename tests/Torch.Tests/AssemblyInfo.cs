// The process's generator and the count of live tensors are shared by all tests.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
