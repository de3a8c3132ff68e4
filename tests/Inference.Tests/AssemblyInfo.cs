// All tests share the count of live tensors and the number of threads.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
