// Networks use all cores by themselves: two at once only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
