using DaprMesh.Programs;

[assembly: AssemblyFixture(typeof(MachineTurn))]
