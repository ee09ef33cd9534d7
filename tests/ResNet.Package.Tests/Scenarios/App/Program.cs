using System;
using ResNet.Runtime;
using Shop.Vision;

namespace Shop
{
    static class Program
    {
        static void Main()
        {
            using (var tiny = new Tiny()) Console.WriteLine("tiny: " + Answers.Of(tiny));
            using (var photos = new PhotoNet()) Console.WriteLine("photos: " + Answers.Of(photos));
            Console.WriteLine("devices: " + GpuDevice.All.Count);
        }
    }
}
