// One Node process serves all constructs of a run, one call at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
