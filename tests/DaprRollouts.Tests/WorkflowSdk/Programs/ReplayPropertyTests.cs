using CsCheck;

namespace DaprRollouts.Tests.WorkflowSdk.Programs;

public sealed class ReplayPropertyTests
{
    private static readonly Gen<(Step Program, int Generations, int World, int Schedule)> Runs =
        Gen.Select(Step.Any, Gen.Int[1, 3], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000]);

    [Fact]
    public void A_program_ends_alike_however_its_history_is_split_into_turns() => Runs.Sample(
        run =>
        {
            var ideal = new IdealRun(run.Program, run.Generations, run.World);
            using var replayed = new ReplayedRun(run.Program, run.Generations, ideal, run.Schedule);

            Assert.Equal(ideal.Result, replayed.Result);
            Assert.Equal(ideal.Status is null ? null : $"\"{ideal.Status}\"", replayed.Status);
            Assert.Equal(ideal.Calls, replayed.Calls);
        },
        iter: 1_000);
}
